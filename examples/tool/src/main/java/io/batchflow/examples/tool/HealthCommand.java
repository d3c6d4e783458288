package io.batchflow.examples.tool;

import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableList;
import io.batchflow.catalog.TableStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tells whether the catalog and the database can be used. */
@Command(
    name = "health",
    description = {
      "Tells whether the catalog and the database answer, and whether the database has all tables.",
      "The exit code is 0 only if the status is UP"
    })
final class HealthCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Mixin private final Access access = new Access();

  @Mixin private final Output output = new Output();

  @Override
  public Integer call() {
    Map<String, @Nullable Object> health = new LinkedHashMap<>();
    health.put("status", "UP");
    try (Session session = access.open()) {
      TableList list = answer(session.catalog().list());
      health.put("catalog", session.link().where());
      health.put("tables", list.total());
      health.put("inactive_tables", names(list, TableStatus.ACTIVE));
      if (session.rows() != null) {
        addDatabase(health, session.facts(), list);
      }
    } catch (ToolException wrong) {
      throw wrong;
    } catch (RuntimeException thrown) {
      health.put("status", "DOWN");
      health.put("problem", Failure.of(thrown).line());
    }
    output.record(health);
    return Objects.equals(health.get("status"), "UP") ? 0 : Failure.PARTIAL;
  }

  private static void addDatabase(
      Map<String, @Nullable Object> health, TableFacts facts, TableList list) {
    answer(facts.ping());
    health.put("database", facts.product());
    List<String> missing =
        answer(
            Flux.fromIterable(list.tables())
                .map(TableInfo::name)
                .filterWhen(name -> facts.find(name).hasElement().map(found -> !found))
                .collectList());
    health.put("missing_tables", String.join(", ", missing));
    if (!missing.isEmpty()) {
      health.put("status", "DEGRADED");
      health.put("problem", "The database does not have all tables of the catalog.");
    }
  }

  private static String names(TableList list, TableStatus usual) {
    return String.join(
        ", ",
        list.tables().stream()
            .filter(table -> table.status() != usual)
            .map(table -> table.name() + " " + table.status())
            .toList());
  }

  private static <T> T answer(Mono<T> request) {
    return Objects.requireNonNull(request.timeout(PATIENCE).block());
  }
}
