package io.batchflow.examples;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.redis.RedisBatchWriter;
import io.batchflow.redis.RedisMapping;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;

/** The steps of docs/redis.md: sessions as hashes that expire, and counts of their pages. */
public final class RedisSteps {

  private RedisSteps() {}

  /** Runs the steps against the server whose URI is the argument. */
  public static void main(String[] args) {
    String uri = args.length > 0 ? args[0] : "redis://localhost:6379";
    System.out.println(run(uri) + " rows stored");
  }

  static long run(String uri) {
    Schema sessions =
        Schema.table("sessions")
            .columns("tenant", "id", "user", "page")
            .conflictKey("tenant", "id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    Schema views = Schema.table("views").columns("page", "times").build();

    RedisBatchWriter writer =
        RedisBatchWriter.builder(uri)
            .map(
                sessions,
                RedisMapping.hset("session:{tenant}:{id}").expireAfter(Duration.ofHours(1)))
            .map(views, RedisMapping.incrBy("views:{page}", "times"))
            .build();
    BatchFlow flow = BatchFlow.builder(writer).build();

    Flux<Row> rows =
        Flux.range(1, 10_000)
            .concatMapIterable(
                i ->
                    List.of(
                        sessions.row().set("tenant", "t1").set("id", i).set("page", "/tea"),
                        views.row().set("page", "/tea").set("times", 1)));
    Long stored = flow.submitAll(rows).filter(Outcome::isWritten).count().block();
    flow.close().block();
    return stored == null ? 0 : stored;
  }
}
