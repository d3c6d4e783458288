package io.batchflow.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.FlowClosedException;
import io.batchflow.Overflow;
import io.batchflow.Schema;
import io.r2dbc.spi.ConnectionFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.SQLiteDataSource;
import reactor.test.StepVerifier;

class NamedFlowsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String TABLE = "CREATE TABLE events (id BIGINT PRIMARY KEY)";
  private static final Schema EVENTS = Schema.table("events").columns("id").build();

  private final TestDatabase first = TestDatabase.create(TABLE);
  private final TestDatabase second = TestDatabase.create(TABLE);
  private final ApplicationContextRunner plain =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(BatchFlowAutoConfiguration.class));
  private final ApplicationContextRunner runner =
      plain
          .withBean("first", ConnectionFactory.class, first::connections)
          .withBean("second", ConnectionFactory.class, second::connections)
          .withPropertyValues(
              "batchflow.flows.orders.bean=first", "batchflow.flows.audit.bean=second");

  @Test
  void eachNameIsABeanWithItsDatabase() {
    List<BatchFlow> flows = new ArrayList<>();
    runner.run(
        context -> {
          assertThat(context.getBeansOfType(BatchFlow.class)).containsOnlyKeys("orders", "audit");
          BatchFlow orders = context.getBean("orders", BatchFlow.class);
          BatchFlow audit = context.getBean("audit", BatchFlow.class);
          orders.submit(EVENTS.row().set("id", 1L)).block(PATIENCE);
          orders.submit(EVENTS.row().set("id", 2L)).block(PATIENCE);
          audit.submit(EVENTS.row().set("id", 1L)).block(PATIENCE);
          flows.addAll(List.of(orders, audit));
        });
    assertThat(first.count("events")).isEqualTo(2);
    assertThat(second.count("events")).isEqualTo(1);
    assertThat(flows)
        .hasSize(2)
        .allSatisfy(
            flow ->
                StepVerifier.create(flow.submit(EVENTS.row().set("id", 9L)))
                    .expectError(FlowClosedException.class)
                    .verify(PATIENCE));
  }

  @Test
  void lazyInitializationClosesFlowsAsWell() {
    runner
        .withInitializer(
            context ->
                context.addBeanFactoryPostProcessor(
                    new LazyInitializationBeanFactoryPostProcessor()))
        .withPropertyValues(
            "batchflow.defaults.policy.max-delay=1h",
            "batchflow.defaults.policy.linger-when-idle=true")
        .run(
            context ->
                context
                    .getBean("orders", BatchFlow.class)
                    .submit(EVENTS.row().set("id", 1L))
                    .subscribe());
    assertThat(first.count("events")).isEqualTo(1);
  }

  @Test
  void optionsOfATableOverrideThoseOfItsFlowAndThoseOfAllFlows() {
    Schema items = Schema.table("order_items").columns("id").build();
    Schema dotted = Schema.table("sales.orders").columns("id").build();
    runner
        .withPropertyValues(
            "batchflow.defaults.policy.max-size=100",
            "batchflow.defaults.policy.overflow=fail",
            "batchflow.defaults.tables.order_items.row-verdicts=true",
            "batchflow.flows.orders.policy.max-size=200",
            "batchflow.flows.orders.tables.order_items.max-size=300",
            "batchflow.flows.orders.tables[sales.orders].max-size=400")
        .run(
            context -> {
              Options orders = Options.of(context.getBean("orders", BatchFlow.class));
              Options audit = Options.of(context.getBean("audit", BatchFlow.class));
              assertThat(audit.policy(EVENTS).maxSize()).isEqualTo(100);
              assertThat(audit.policy(items).rowVerdicts()).isTrue();
              assertThat(audit.policy(items).maxSize()).isEqualTo(100);
              assertThat(orders.policy(EVENTS).maxSize()).isEqualTo(200);
              assertThat(orders.policy(dotted).maxSize()).isEqualTo(400);
              BatchPolicy own = orders.policy(items);
              assertThat(own.maxSize()).isEqualTo(300);
              assertThat(own.rowVerdicts()).isTrue();
              assertThat(own.overflow()).isEqualTo(Overflow.FAIL);
            });
  }

  @Test
  void aFlowWritesThroughADataSource(@TempDir Path directory) {
    SQLiteDataSource sqlite = new SQLiteDataSource();
    sqlite.setUrl("jdbc:sqlite:" + directory.resolve("events.db"));
    JdbcTemplate jdbc = new JdbcTemplate(sqlite);
    jdbc.execute(TABLE);
    plain
        .withBean(DataSource.class, () -> sqlite)
        .withPropertyValues("batchflow.flows.events.backend=jdbc")
        .run(
            context ->
                context
                    .getBean(BatchFlow.class)
                    .submit(EVENTS.row().set("id", 1L))
                    .block(PATIENCE));
    assertThat(jdbc.queryForObject("SELECT COUNT(*) FROM events", Long.class)).isEqualTo(1);
  }

  @Test
  void aFlowWritesThroughTheFactoryOfTheApplication() {
    plain
        .withBean(
            BatchWriterFactory.class,
            () -> flow -> io.batchflow.r2dbc.R2dbcBatchWriter.create(first.connections()))
        .run(
            context ->
                context
                    .getBean("batchFlow", BatchFlow.class)
                    .submit(EVENTS.row().set("id", 1L))
                    .block(PATIENCE));
    assertThat(first.count("events")).isEqualTo(1);
  }

  @Test
  void severalDatabasesMakeNoFlowWithoutAName() {
    plain
        .withBean("first", ConnectionFactory.class, first::connections)
        .withBean("second", ConnectionFactory.class, second::connections)
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BatchFlow.class));
  }
}
