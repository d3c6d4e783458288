package io.batchflow;

import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.catalog.CatalogBinding;
import io.batchflow.catalog.MemoryCatalogStore;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableSettings;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What a table costs while nothing of it is under way. */
class ManyTablesTest {

  private static final int TABLES = 10_000;
  private static final int MOST_BYTES = 1_024;

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

  private static List<Schema> tables(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Schema.table("table_" + i).columns("id", "value").build())
        .toList();
  }

  /** Keeps no row. */
  private BatchFlow flow() {
    return Rows.flow(batch -> Mono.just(BatchResult.written(batch.size())), time).build();
  }

  private static void submit(BatchFlow flow, List<Schema> tables) {
    tables.forEach(table -> watch(flow.submit(row(table, 1, "x"))));
  }

  @Test
  void idleTablesHaveNoTimer() {
    BatchFlow flow = flow();
    List<Schema> tables = tables(TABLES);
    submit(flow, tables);
    time.advanceTimeBy(Duration.ofHours(1));
    assertThat(assertBalanced(flow).written()).isEqualTo(TABLES);

    long tasks = time.getScheduledTaskCount();
    time.advanceTimeBy(Duration.ofDays(1));

    assertThat(time.getScheduledTaskCount()).isEqualTo(tasks);
  }

  /** A flow remembers 4,096 idle tables, so fewer are measured: each of them is there. */
  @Test
  void anIdleTableTakesLessThanAKibibyte() {
    List<Schema> tables = tables(4_000);
    BatchFlow flow = flow();
    submit(flow, tables(10));
    long before = usedBytes();

    submit(flow, tables);
    long perTable = (usedBytes() - before) / tables.size();

    assertThat(flow.stats().tables()).hasSizeGreaterThanOrEqualTo(4_000);
    assertThat(perTable).isPositive().isLessThan(MOST_BYTES);
    assertThat(tables).hasSize(4_000); // kept until here, so that only the flow counts
  }

  @Test
  void aTableThatFollowsACatalogTakesLessThanAKibibyte() {
    TableCatalog catalog =
        TableCatalog.builder(MemoryCatalogStore.create()).scheduler(time).maxTables(TABLES).build();
    Flux.range(0, TABLES)
        .map(i -> TableSettings.builder().bufferSize(1 + i % 1_000).build())
        .index()
        .concatMap(table -> catalog.create("table_" + table.getT1(), table.getT2()))
        .subscribe();
    BatchFlow flow = flow();
    long before = usedBytes();

    CatalogBinding binding = CatalogBinding.start(catalog, flow);
    time.advanceTimeBy(Duration.ofSeconds(5));
    long perTable = (usedBytes() - before) / TABLES;

    assertThat(flow.control("table_9999").policy().maxSize()).isEqualTo(1_000);
    assertThat(perTable).isPositive().isLessThan(MOST_BYTES);
    binding.dispose();
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) { // the least of some, as other threads allocate
      System.gc();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }
}
