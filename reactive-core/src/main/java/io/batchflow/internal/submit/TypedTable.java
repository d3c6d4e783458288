package io.batchflow.internal.submit;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.Overflow;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.internal.check.Checks;
import io.batchflow.table.RowMapper;
import io.batchflow.table.Table;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The {@link Table} of a flow. */
public final class TypedTable<T> implements Table<T> {

  private final Entry entry;
  private final Streams streams;
  private final MappedRows<T, T> rows;

  private TypedTable(Entry entry, Streams streams, MappedRows<T, T> rows) {
    this.entry = entry;
    this.streams = streams;
    this.rows = rows;
  }

  /**
   * Returns the table of a mapper.
   *
   * @throws InvalidConfigurationException if the mapper or its schema is null
   */
  public static <T> Table<T> of(Entry entry, Streams streams, RowMapper<T> mapper) {
    Schema schema = Checks.given("schema", Checks.given("mapper", mapper).schema());
    return new TypedTable<>(
        entry, streams, new MappedRows<>(schema, Function.identity(), mapper, false));
  }

  @Override
  public Schema schema() {
    return rows.schema();
  }

  @Override
  public Mono<WriteResult> submit(@Nullable T value) {
    if (value == null) {
      throw InvalidRowException.noObject(schema().table());
    }
    return SubmitMono.of(entry, rows, value);
  }

  @Override
  public Mono<WriteResult> delete(@Nullable T value) {
    if (value == null) {
      throw InvalidRowException.noObject(schema().table());
    }
    RowSource<T> deletes = new MappedRows<>(schema(), Function.identity(), rows.mapper(), true);
    return SubmitMono.of(entry, deletes, value);
  }

  @Override
  public Flux<Outcome<T>> submitAll(Publisher<? extends T> values) {
    return SubmitAllFlux.of(entry, streams, rows, values);
  }

  @Override
  public <S> Flux<Outcome<S>> submitAll(
      Publisher<? extends S> source, Function<? super S, ? extends T> reader) {
    RowSource<S> read =
        new MappedRows<>(schema(), Checks.given("reader", reader), rows.mapper(), false);
    return SubmitAllFlux.of(entry, streams, read, source);
  }

  @Override
  public Table<T> with(Overflow overflow) {
    return with(entry.with(Checks.given("overflow", overflow)));
  }

  @Override
  public Table<T> with(Duration deliveryTimeout) {
    Checks.positive("deliveryTimeout", deliveryTimeout);
    Checks.shorter(entry.submitter().policyOf(schema()).maxDelay(), deliveryTimeout);
    long millis = deliveryTimeout.plusNanos(999_999).toMillis();
    return with(entry.with(Math.toIntExact(millis)));
  }

  private Table<T> with(Entry other) {
    return new TypedTable<>(other, streams, rows);
  }

  @Override
  public String toString() {
    return "Table[" + schema() + "]";
  }
}
