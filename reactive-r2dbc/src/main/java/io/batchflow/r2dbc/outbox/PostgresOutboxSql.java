package io.batchflow.r2dbc.outbox;

import io.batchflow.message.Message;
import io.batchflow.r2dbc.request.Requests;
import io.batchflow.sql.Placeholder;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The statements for PostgreSQL. They take arrays, so that their text does not vary. */
final class PostgresOutboxSql implements OutboxSql {

  /** The columns after the shard and the number. */
  static final String COLUMNS =
      " id VARCHAR(190) NOT NULL, message_key VARCHAR(190) NOT NULL,"
          + " type VARCHAR(190) NOT NULL, headers TEXT NOT NULL, payload BYTEA NOT NULL,"
          + " appended_at TIMESTAMPTZ DEFAULT CURRENT_TIMESTAMP NOT NULL";

  private static final String TABLE =
      "CREATE TABLE IF NOT EXISTS batchflow_outbox ("
          + "shard SMALLINT NOT NULL, seq BIGINT GENERATED ALWAYS AS IDENTITY,"
          + COLUMNS
          + ", PRIMARY KEY (shard, seq))";

  /** One value has all payloads, as the driver has no array of them. */
  private static final String APPEND =
      "INSERT INTO batchflow_outbox (shard, id, message_key, type, headers, payload)"
          + " SELECT shard, id, message_key, type, headers,"
          + " substring($8 FROM place FOR bytes)"
          + " FROM unnest($1, $2, $3, $4, $5, $6, $7) WITH ORDINALITY"
          + " AS given (shard, id, message_key, type, headers, place, bytes, nr) ORDER BY nr";

  private static final String ACKNOWLEDGE =
      "DELETE FROM batchflow_outbox AS message"
          + " USING unnest($1, $2, $3, $4) AS done (shard, seq, lease, token),"
          + " batchflow_leases AS held"
          + " WHERE message.shard = done.shard AND message.seq = done.seq"
          + " AND held.name = done.lease AND held.token = done.token";

  @Override
  public List<String> tables() {
    return List.of(TABLE);
  }

  @Override
  public List<String> rotatingTables() {
    return Rotation.tables();
  }

  @Override
  public Mono<Long> rotate(Requests requests) {
    return Rotation.rotate(requests);
  }

  @Override
  public Statement append(Connection connection, List<Message> messages) {
    int count = messages.size();
    Integer[] shards = new Integer[count];
    String[] ids = new String[count];
    String[] keys = new String[count];
    String[] types = new String[count];
    String[] headers = new String[count];
    Integer[] places = new Integer[count];
    Integer[] bytes = new Integer[count];
    byte[] payloads = new byte[messages.stream().mapToInt(one -> one.payload().length).sum()];
    int end = 0;
    for (int i = 0; i < count; i++) {
      Message message = messages.get(i);
      shards[i] = Shards.of(message.key());
      ids[i] = message.id();
      keys[i] = message.key();
      types[i] = message.type();
      headers[i] = Headers.write(message.headers());
      places[i] = end + 1;
      bytes[i] = message.payload().length;
      System.arraycopy(message.payload(), 0, payloads, end, bytes[i]);
      end += bytes[i];
    }
    return connection
        .createStatement(APPEND)
        .bind(0, shards)
        .bind(1, ids)
        .bind(2, keys)
        .bind(3, types)
        .bind(4, headers)
        .bind(5, places)
        .bind(6, bytes)
        .bind(7, payloads);
  }

  @Override
  public Statement acknowledge(
      Connection connection, List<Appended> done, Map<Integer, Long> held) {
    return connection
        .createStatement(ACKNOWLEDGE)
        .bind(0, done.stream().map(Appended::shard).toArray(Integer[]::new))
        .bind(1, done.stream().map(Appended::seq).toArray(Long[]::new))
        .bind(2, done.stream().map(one -> Shards.lease(one.shard())).toArray(String[]::new))
        .bind(3, done.stream().map(one -> held.get(one.shard())).toArray(Long[]::new));
  }

  @Override
  public String parameter(int index) {
    return Placeholder.NUMBERED.at(index);
  }

  @Override
  public boolean notifies() {
    return true;
  }

  /** Another driver than r2dbc-postgresql has no notifications, and its relays poll. */
  @Override
  public Flux<?> commits(ConnectionFactory factory) {
    try {
      Class.forName("io.r2dbc.postgresql.api.PostgresqlConnection");
    } catch (ClassNotFoundException absent) {
      return Flux.never();
    }
    return new PostgresListener(factory).commits();
  }
}
