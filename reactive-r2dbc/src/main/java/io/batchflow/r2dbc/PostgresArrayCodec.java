package io.batchflow.r2dbc;

import io.netty.buffer.ByteBuf;
import io.r2dbc.postgresql.client.EncodedParameter;
import io.r2dbc.postgresql.codec.Codec;
import io.r2dbc.postgresql.message.Format;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Passes an encoded array to the driver. Decodes nothing. */
final class PostgresArrayCodec implements Codec<PostgresArray> {

  @Override
  public boolean canDecode(int dataType, Format format, Class<?> type) {
    return false;
  }

  @Override
  public boolean canEncode(Object value) {
    return value instanceof PostgresArray;
  }

  @Override
  public boolean canEncodeNull(Class<?> type) {
    return false;
  }

  @Override
  public @Nullable PostgresArray decode(
      @Nullable ByteBuf buffer, int dataType, Format format, Class<? extends PostgresArray> type) {
    throw new UnsupportedOperationException("Only for parameters");
  }

  @Override
  public EncodedParameter encode(Object value) {
    PostgresArray array = (PostgresArray) value;
    return encode(array, array.oid());
  }

  @Override
  public EncodedParameter encode(Object value, int dataType) {
    ByteBuf bytes = ((PostgresArray) value).bytes();
    return new EncodedParameter(
        Format.FORMAT_BINARY, dataType, Mono.fromSupplier(bytes::duplicate));
  }

  @Override
  public EncodedParameter encodeNull() {
    throw new UnsupportedOperationException("An array is never null");
  }
}
