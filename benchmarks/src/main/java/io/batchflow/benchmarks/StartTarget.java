package io.batchflow.benchmarks;

import io.batchflow.ConflictStrategy;
import io.batchflow.Ordering;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.r2dbc.spi.ConnectionFactories;
import java.sql.Connection;
import java.util.List;

/** A database that the start part writes to, by the flow and by hand. */
enum StartTarget {
  POSTGRESQL("PostgreSQL, COPY") {

    @Override
    Way.Writing flow(String url) {
      return FlowWriting.ahead(
          ConnectionFactories.get(url),
          ConflictStrategy.FAIL,
          Ordering.NONE,
          BULK_BATCH,
          BULK_CONNECTIONS);
    }

    @Override
    Way.Writing byHand(String url) {
      return new R2dbcLoop(
          ConnectionFactories.get(url), BULK_CONNECTIONS, BULK_BATCH, new PostgresBinaryCopy());
    }

    @Override
    <T> T on(Use<T> use) throws Exception {
      try (TestDatabase database = TestDatabase.on(TestServers.postgres());
          Connection beside = database.connect()) {
        return use.of(
            database.server().r2dbcUrl("postgresql", null), PostgresContests.table(beside));
      }
    }
  },

  MARIADB("MariaDB, multi-row VALUES") {

    @Override
    Way.Writing flow(String url) {
      return FlowWriting.ahead(
          ConnectionFactories.get(url), ConflictStrategy.FAIL, Ordering.NONE, BATCH, CONNECTIONS);
    }

    @Override
    Way.Writing byHand(String url) {
      return new R2dbcLoop(
          ConnectionFactories.get(url), CONNECTIONS, BATCH, Statements.multiRow('`', BATCH));
    }

    @Override
    <T> T on(Use<T> use) throws Exception {
      try (TestDatabase database = TestDatabase.on(TestServers.mariaDb());
          Connection beside = database.connect()) {
        return use.of(
            database.server().r2dbcUrl("mariadb", null),
            new EventsTable(beside, '`', "DOUBLE", List.of("TRUNCATE events")));
      }
    }
  },

  REDIS("Redis, SET NX") {

    @Override
    Way.Writing flow(String url) {
      return FlowWriting.over(
          RedisLoops.writer(url, ConflictStrategy.IGNORE),
          RedisLoops.texts(ConflictStrategy.IGNORE),
          RedisLoops::text,
          BATCH,
          RedisLoops.IN_FLIGHT);
    }

    @Override
    Way.Writing byHand(String url) {
      return new RedisLoops(url, BATCH)::dispatchNx;
    }

    @Override
    <T> T on(Use<T> use) throws Exception {
      TestServer server = TestServers.redis();
      String url = "redis://" + server.host() + ":" + server.port();
      try (RedisLoops keys = new RedisLoops(url, BATCH)) {
        return use.of(url, keys);
      }
    }
  };

  private static final int BATCH = 1_000;
  private static final int CONNECTIONS = 4;
  private static final int BULK_BATCH = 5_000;
  private static final int BULK_CONNECTIONS = 2;

  /** The name and the statement in tables for people. */
  final String about;

  StartTarget(String about) {
    this.about = about;
  }

  /** Uses a database that is open meanwhile. */
  @FunctionalInterface
  interface Use<T> {

    T of(String url, Contest.Target table) throws Exception;
  }

  /** Connects a flow. The connections stay open, as the JVM ends after the last row. */
  abstract Way.Writing flow(String url);

  /** Connects hand-written code, likewise. */
  abstract Way.Writing byHand(String url);

  /** Opens the database, with an empty table. */
  abstract <T> T on(Use<T> use) throws Exception;
}
