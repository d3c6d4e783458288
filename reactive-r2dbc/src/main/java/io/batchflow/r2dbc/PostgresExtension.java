package io.batchflow.r2dbc;

import io.netty.buffer.ByteBufAllocator;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.codec.CodecRegistry;
import io.r2dbc.postgresql.extension.CodecRegistrar;
import reactor.core.publisher.Mono;

/**
 * What r2dbc-postgresql finds by itself, so that {@link R2dbcBatchWriter} may send arrays in binary
 * form over its connections: a codec for a type that nobody else has. A factory that is configured
 * with {@code autodetectExtensions(false)} gets text instead, which is slower, unless this is among
 * its extensions ({@code PostgresqlConnectionConfiguration.Builder.extendWith}). Safe for any
 * thread.
 */
public final class PostgresExtension implements CodecRegistrar {

  /** Called by the driver. */
  public PostgresExtension() {}

  @Override
  public Mono<Void> register(
      PostgresqlConnection connection, ByteBufAllocator allocator, CodecRegistry registry) {
    return Mono.fromRunnable(() -> registry.addLast(new PostgresArrayCodec()));
  }
}
