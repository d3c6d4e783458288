package io.batchflow.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Wrapped;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.reactivestreams.Publisher;

/** A hand-written binary COPY for this table only, without any choice of types or checks. */
final class PostgresBinaryCopy implements R2dbcLoop.Write {

  private static final String SQL =
      "COPY events (" + Events.columns('"') + ") FROM STDIN (FORMAT binary)";
  private static final byte[] SIGNATURE =
      "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final LocalDateTime EPOCH = LocalDateTime.of(2000, 1, 1, 0, 0);
  private static final int ROW_BYTES = 70;

  @Override
  public Publisher<?> batch(Connection connection, int first, int rows) {
    PostgresqlConnection driver =
        Objects.requireNonNull(((Wrapped<?>) connection).unwrap(PostgresqlConnection.class));
    return driver.copyIn(SQL).from(encode(first, rows)).build();
  }

  private static ByteBuf encode(int first, int rows) {
    ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(rows * ROW_BYTES);
    out.writeBytes(SIGNATURE).writeInt(0).writeInt(0);
    for (int row = first; row < first + rows; row++) {
      out.writeShort(Events.COLUMNS.size());
      out.writeInt(Long.BYTES).writeLong(Events.id(row));
      out.writeInt(Integer.BYTES).writeInt(Events.deviceId(row));
      String kind = Events.kind(row);
      out.writeInt(ByteBufUtil.utf8Bytes(kind));
      ByteBufUtil.writeUtf8(out, kind);
      out.writeInt(Double.BYTES).writeDouble(Events.value(row));
      out.writeInt(Long.BYTES).writeLong(micros(Events.createdAt(row)));
    }
    return out.writeShort(-1);
  }

  private static long micros(LocalDateTime time) {
    return ChronoUnit.MICROS.between(EPOCH, time);
  }
}
