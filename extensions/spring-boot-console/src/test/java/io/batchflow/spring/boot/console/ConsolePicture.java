package io.batchflow.spring.boot.console;

import static io.batchflow.spring.boot.console.ConsoleService.SALES;
import static io.batchflow.spring.boot.console.ConsoleService.WRITABLE;

import io.batchflow.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.WebDriverWait;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Takes the picture of the page in docs/spring-boot.md after ninety seconds of load, in which some
 * rows are rejected and a table is paused. Only {@code -Dtest=ConsolePicture} runs it, as each
 * picture differs.
 */
class ConsolePicture {

  private static final Path PICTURE = Path.of("..", "..", "docs", "spring-boot", "console.png");
  private static final Duration LENGTH = Duration.ofSeconds(90);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration TICK = Duration.ofMillis(20);

  private static final Schema EVENTS = Schema.table("events").columns("id").build();
  private static final Schema AUDIT = Schema.table("audit").columns("id").build();

  @Test
  void take() throws IOException {
    ChromeDriver browser = Browser.start();
    try (ConsoleService service = ConsoleService.start(WRITABLE)) {
      service
          .writer()
          .rejectingRows(row -> ThreadLocalRandom.current().nextInt(400) == 0)
          .answeringAfter(Duration.ofMillis(8), Schedulers.parallel());
      browser.get(service.url() + "/batchflow");
      Disposable load =
          Flux.merge(load(service, SALES, 300, 11), load(service, EVENTS, 150, 17)).subscribe();
      Disposable paused =
          service
              .flow()
              .control("audit")
              .pause()
              .delaySubscription(LENGTH.minusSeconds(40))
              .thenMany(load(service, AUDIT, 2, 23))
              .subscribe();
      Mono.delay(LENGTH).block();
      new WebDriverWait(browser, PATIENCE)
          .until(page -> !page.findElement(By.id("reasons")).getText().isEmpty());
      Files.write(PICTURE, browser.getScreenshotAs(OutputType.BYTES));
      load.dispose();
      paused.dispose();
      service.flow().control("audit").resume().block(PATIENCE);
    } finally {
      browser.quit();
    }
  }

  /**
   * Submits rows in waves.
   *
   * @param most how many at the same time
   * @param period of a wave, in seconds
   */
  private static Flux<?> load(ConsoleService service, Schema table, int most, int period) {
    return Flux.interval(TICK)
        .onBackpressureDrop()
        .concatMap(
            tick -> {
              double wave = 0.6 + 0.4 * Math.sin(tick * 2 * Math.PI / 50 / period);
              return Flux.range(0, (int) (most * wave));
            })
        .flatMap(
            row ->
                service
                    .flow()
                    .submit(table.row().set("id", ThreadLocalRandom.current().nextLong()))
                    .onErrorComplete(),
            10_000);
  }
}
