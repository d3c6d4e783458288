package io.batchflow.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes any reply, by RESP2 or RESP3, and keeps of it what {@link ReplyRule} asks: a number; 0 for
 * nothing; 1 for anything else.
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
    // written, whatever it is
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
