/** Tests of Spring Boot applications with flows that write into memory. */
module io.batchflow.spring.boot.test {
  requires transitive io.batchflow;
  requires transitive io.batchflow.spring.boot;
  requires transitive org.junit.jupiter.api;
  requires transitive spring.boot.test;
  requires transitive spring.boot.test.autoconfigure;
  requires reactor.core;
  requires spring.boot;
  requires spring.boot.autoconfigure;
  requires spring.context;
  requires spring.core;
  requires spring.test;

  exports io.batchflow.spring.boot.test;

  // Spring creates the configuration and what the annotations name.
  opens io.batchflow.spring.boot.test to
      spring.beans,
      spring.boot,
      spring.boot.test,
      spring.context,
      spring.core,
      spring.test;
}
