package io.batchflow.benchmarks;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.Statement;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.LongAdder;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Counts the statements, begins, commits and rollbacks of its connections. Thread-safe. */
final class CountingFactory implements ConnectionFactory {

  private final ConnectionFactory factory;
  private final LongAdder statements = new LongAdder();

  CountingFactory(ConnectionFactory factory) {
    this.factory = factory;
  }

  long statements() {
    return statements.sum();
  }

  @Override
  public Publisher<? extends Connection> create() {
    return Mono.from(factory.create()).map(this::counting);
  }

  @Override
  public ConnectionFactoryMetadata getMetadata() {
    return factory.getMetadata();
  }

  private Connection counting(Connection connection) {
    return proxy(
        Connection.class,
        (self, method, arguments) -> {
          switch (method.getName()) {
            case "beginTransaction", "commitTransaction", "rollbackTransaction" ->
                statements.increment();
            default -> {}
          }
          Object result = invoke(connection, method, arguments);
          return result instanceof Statement statement ? counting(statement) : result;
        });
  }

  private Statement counting(Statement statement) {
    return proxy(
        Statement.class,
        (self, method, arguments) -> {
          if (method.getName().equals("execute")) {
            statements.increment();
          }
          Object result = invoke(statement, method, arguments);
          return result == statement ? self : result;
        });
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException failure) {
      throw failure.getTargetException();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
