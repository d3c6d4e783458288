package io.batchflow.r2dbc;

import io.netty.buffer.ByteBufAllocator;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.codec.CodecRegistry;
import io.r2dbc.postgresql.extension.CodecRegistrar;
import reactor.core.publisher.Mono;

/**
 * An extension of r2dbc-postgresql, by which {@link R2dbcBatchWriter} sends arrays in binary
 * format. It registers a codec for a type of this library. The driver finds the extension by
 * itself. For a factory with {@code autodetectExtensions(false)}, add it with {@code
 * PostgresqlConnectionConfiguration.Builder.extendWith}; without it, values are sent as text, which
 * is slower. Safe for any thread.
 */
public final class PostgresExtension implements CodecRegistrar {

  /** Creates the extension. The driver calls this. */
  public PostgresExtension() {}

  @Override
  public Mono<Void> register(
      PostgresqlConnection connection, ByteBufAllocator allocator, CodecRegistry registry) {
    return Mono.fromRunnable(() -> registry.addLast(new PostgresArrayCodec()));
  }
}
