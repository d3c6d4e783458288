package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.benchmarks.MessagesPart.Load;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every caller gets its own answer, and every message is published. Speed is not tested here. */
@Tag("server")
class MessagesPartTest {

  @Test
  void everyWayAnswersEveryCallerAndPublishesEveryMessage() {
    List<Figure> figures =
        new MessagesPart(
                new Load(1, Duration.ofMillis(200), new QueueRows.Load(2_000, 100, 200), 500))
            .run(false, new PrintWriter(new StringWriter()));

    assertThat(figures)
        .extracting(Figure::line)
        .filteredOn(line -> line.contains(" callers=256 "))
        .allMatch(line -> line.contains(" wrong=0"))
        .anyMatch(line -> line.contains("way=a_statement_a_call"))
        .anyMatch(line -> line.contains("way=coalescer"));
    assertThat(figures)
        .extracting(Figure::line)
        .anyMatch(line -> line.contains("way=outbox "))
        .anyMatch(line -> line.contains("way=skip_locked_by_hand "))
        .anyMatch(line -> line.contains("way=streams ") && line.contains(" wrong=0"))
        .anyMatch(line -> line.contains("way=seen_ids ") && line.contains(" wrong=0"));
  }
}
