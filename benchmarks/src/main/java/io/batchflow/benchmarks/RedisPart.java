package io.batchflow.benchmarks;

import io.batchflow.ConflictStrategy;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares SETs by a flow with Lettuce's reactive commands and a hand-written pipeline. */
final class RedisPart implements Part {

  private final @Nullable Scale only;

  /** Measures at the scale of the run, quick or thorough. */
  RedisPart() {
    this.only = null;
  }

  /** Always measures at this scale. */
  RedisPart(Scale only) {
    this.only = only;
  }

  @Override
  public String name() {
    return "redis";
  }

  @Override
  public String about() {
    return "rows from end to end into Redis, compared with reactive commands and a pipeline";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    Scale scale = only != null ? only : quick ? Scale.QUICK : Scale.THOROUGH;
    Contest contest = new Contest("redis", scale, out);
    TestServer server = TestServers.redis();
    String uri = "redis://" + server.host() + ":" + server.port();
    List<Figure> figures = new ArrayList<>();
    try (RedisLoops loops = new RedisLoops(uri, scale.batch())) {
      figures.addAll(commands(scale, contest, uri, loops));
      figures.addAll(merged(scale, contest, uri, loops));
    } catch (Exception failure) {
      throw new IllegalStateException("The redis part failed", failure);
    }
    return figures;
  }

  /** Compares command by command, with SET NX. Only a plain SET can become an MSET. */
  private static List<Figure> commands(Scale scale, Contest contest, String uri, RedisLoops loops)
      throws Exception {
    try (FlowWriting flow = flow(scale, uri, ConflictStrategy.IGNORE)) {
      return contest.run(
          "SET NX",
          Scale.details(scale.rows(), scale.batch(), 1),
          loops,
          List.of(
              Way.flow(scale.rows(), flow),
              new Way("reactive().set() in a flatMap", scale.slowRows(), 3, loops::reactive),
              new Way("dispatch(Collection) by hand", scale.rows(), 0.85, loops::dispatchNx)));
    }
  }

  /** Compares plain SETs. They replace values, so each key has one before. */
  private static List<Figure> merged(Scale scale, Contest contest, String uri, RedisLoops loops)
      throws Exception {
    try (FlowWriting flow = flow(scale, uri, ConflictStrategy.REPLACE)) {
      return contest.run(
          "SET",
          Scale.details(scale.rows(), scale.batch(), 1) + ", the flow by MSET",
          loops.filled(scale.rows()),
          List.of(
              Way.flow(scale.rows(), flow),
              new Way("dispatch(Collection) by hand", scale.rows(), 2, loops::dispatch)));
    }
  }

  private static FlowWriting flow(Scale scale, String uri, ConflictStrategy strategy) {
    return FlowWriting.over(
        RedisLoops.writer(uri, strategy),
        RedisLoops.texts(strategy),
        RedisLoops::text,
        scale.batch(),
        RedisLoops.IN_FLIGHT);
  }
}
