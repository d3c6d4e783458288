package io.batchflow.r2dbc.outbox;

import io.batchflow.r2dbc.request.Requests;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The statement that reads the oldest messages of shards: an index scan for each. It trusts no
 * position of an earlier read, as a transaction may commit a message after later ones were read.
 */
final class ReadSql {

  private ReadSql() {}

  /**
   * Returns the statement.
   *
   * @param parameters how the driver spells a parameter, counted from 0
   * @param held the token of each shard. Of others, which are no longer held, nothing is read
   * @param most how many messages of each shard
   * @param waiting the keys of a shard that are left out
   */
  static Statement of(
      Connection connection,
      IntFunction<String> parameters,
      Map<Integer, Long> held,
      int most,
      IntFunction<List<String>> waiting) {
    List<Object> values = new ArrayList<>();
    List<String> reads = new ArrayList<>();
    held.forEach(
        (shard, token) -> {
          StringBuilder read =
              new StringBuilder("(SELECT ")
                  .append(Appended.COLUMNS)
                  .append(" FROM batchflow_outbox WHERE shard = ")
                  .append(shard)
                  .append(" AND EXISTS (SELECT 1 FROM batchflow_leases WHERE name = '")
                  .append(Shards.lease(shard))
                  .append("' AND token = ")
                  .append(parameters.apply(values.size()))
                  .append(')');
          values.add(token);
          List<String> keys = waiting.apply(shard);
          for (int i = 0; i < keys.size(); i++) {
            read.append(i == 0 ? " AND message_key NOT IN (" : ", ")
                .append(parameters.apply(values.size()));
            values.add(keys.get(i));
          }
          reads.add(
              read.append(keys.isEmpty() ? "" : ")")
                  .append(" ORDER BY seq LIMIT ")
                  .append(most)
                  .append(')')
                  .toString());
        });
    return Requests.bound(connection, String.join(" UNION ALL ", reads), values.toArray());
  }
}
