package io.batchflow.sql;

import io.batchflow.contract.SqlDialectContract;
import io.batchflow.contract.SqlTestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Every supported database fulfils the contract, with every driver. */
class SqlDialectContractTest {

  private abstract static class Contract extends SqlDialectContract {

    @TempDir Path directory;

    private final Backend.Kind kind;

    Contract(Backend.Kind kind) {
      this.kind = kind;
    }

    @Override
    protected SqlTestDatabase openDatabase() {
      return kind.open(directory);
    }
  }

  @Nested
  class H2Memory extends Contract {

    H2Memory() {
      super(Backend.Kind.H2_MEMORY);
    }
  }

  @Nested
  class H2File extends Contract {

    H2File() {
      super(Backend.Kind.H2_FILE);
    }
  }

  @Nested
  class H2Jdbc extends Contract {

    H2Jdbc() {
      super(Backend.Kind.H2_JDBC);
    }
  }

  @Nested
  @Tag("server")
  class Postgres extends Contract {

    Postgres() {
      super(Backend.Kind.POSTGRES);
    }
  }

  @Nested
  @Tag("server")
  class PostgresJdbc extends Contract {

    PostgresJdbc() {
      super(Backend.Kind.POSTGRES_JDBC);
    }
  }

  @Nested
  @Tag("server")
  class Mariadb extends Contract {

    Mariadb() {
      super(Backend.Kind.MARIADB);
    }
  }

  @Nested
  @Tag("server")
  class MariadbByMysql extends Contract {

    MariadbByMysql() {
      super(Backend.Kind.MARIADB_BY_MYSQL);
    }
  }

  @Nested
  @Tag("server")
  class MariadbJdbc extends Contract {

    MariadbJdbc() {
      super(Backend.Kind.MARIADB_JDBC);
    }
  }

  @Nested
  @Tag("server")
  @EnabledIf("io.batchflow.sql.Backend#hasMySql")
  class Mysql extends Contract {

    Mysql() {
      super(Backend.Kind.MYSQL);
    }
  }

  @Nested
  @Tag("server")
  @EnabledIf("io.batchflow.sql.Backend#hasMySql")
  class MysqlByMariadb extends Contract {

    MysqlByMariadb() {
      super(Backend.Kind.MYSQL_BY_MARIADB);
    }
  }

  @Nested
  class SqliteMemory extends Contract {

    SqliteMemory() {
      super(Backend.Kind.SQLITE_MEMORY);
    }
  }

  @Nested
  class SqliteFile extends Contract {

    SqliteFile() {
      super(Backend.Kind.SQLITE_FILE);
    }
  }
}
