package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecoratedWriterTest {

  private static final Schema EVENTS = Schema.table("events").columns("id").build();
  private static final Batch ROW = new Batch(EVENTS, List.of(EVENTS.row().set(0, 1)));

  @Test
  void theDecoratorTakesEachBatchWithItsWrite() {
    RecordingWriter writer = RecordingWriter.create();
    List<Batch> seen = new ArrayList<>();
    BatchWriter decorated =
        writer.decorate(
            (batch, write) -> {
              seen.add(batch);
              return write.map(result -> BatchResult.written(result.affectedRows() + 41));
            });

    assertThat(decorated.write(ROW).block().affectedRows()).isEqualTo(42);
    assertThat(seen).containsExactly(ROW);
    assertThat(writer.sizes()).containsExactly(1);
  }

  @Test
  void noMethodOfAWriterIsForgotten() throws NoSuchMethodException {
    List<Method> methods =
        Arrays.stream(BatchWriter.class.getDeclaredMethods())
            .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
            .filter(method -> !method.getName().equals("decorate"))
            .toList();

    assertThat(methods).hasSizeGreaterThan(7);
    for (Method method : methods) {
      assertThat(
              DecoratedWriter.class
                  .getMethod(method.getName(), method.getParameterTypes())
                  .getDeclaringClass())
          .as(method.getName())
          .isEqualTo(DecoratedWriter.class);
    }
  }
}
