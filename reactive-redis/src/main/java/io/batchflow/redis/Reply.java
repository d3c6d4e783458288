package io.batchflow.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads any reply of RESP2 or RESP3 as the number that {@link ReplyRule} needs: a number as it is,
 * 0 for null or false, and 1 for anything else.
 */
final class Reply extends CommandOutput<byte[], byte[], Long> {

  Reply() {
    super(ByteArrayCodec.INSTANCE, 1L);
  }

  @Override
  public void set(long number) {
    output = number;
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      output = 0L;
    }
  }

  @Override
  public void setSingle(@Nullable ByteBuffer bytes) {
    set(bytes);
  }

  @Override
  public void setBigNumber(ByteBuffer bytes) {
    set(bytes);
  }

  @Override
  public void set(double number) {
    // any number means written, so the output stays 1
  }

  @Override
  public void set(boolean value) {
    output = value ? 1L : 0L;
  }

  @Override
  public void multi(int count) {
    if (count < 0) {
      output = 0L;
    }
  }
}
