package io.batchflow.examples.tables;

import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The service on PostgreSQL. */
@Tag("server")
class TablesOnPostgresTest {

  @Test
  void theScriptRuns() throws Exception {
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        Script script = new Script(database.server().r2dbcUrl("postgresql", null))) {
      script.run();
    }
  }
}
