package io.batchflow.spring.boot.console;

import static io.batchflow.spring.boot.console.ConsoleService.SALES;
import static io.batchflow.spring.boot.console.ConsoleService.WRITABLE;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.selenium.AxeBuilder;
import io.batchflow.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** The page in a real Chromium. */
@Tag("server")
@Tag("browser")
@Timeout(300)
class ConsoleBrowserTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ConsoleService service = ConsoleService.start(WRITABLE);
  private final ChromeDriver browser = Browser.start();

  /** What the browser logs about an answer that a test asks for. */
  private String refused = "none";

  private final WebDriverWait wait = new WebDriverWait(browser, PATIENCE);

  @BeforeEach
  void open() {
    store(SALES);
    browser.get(service.url() + "/batchflow");
    await("sales");
  }

  @AfterEach
  void close() {
    List<LogEntry> log = browser.manage().logs().get(LogType.BROWSER).getAll();
    browser.quit();
    service.close();
    assertThat(log)
        .filteredOn(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .filteredOn(entry -> !entry.getMessage().contains(refused))
        .isEmpty();
  }

  @Test
  void thePageMovesUnderLoad() throws IOException {
    Disposable load =
        Flux.interval(Duration.ofMillis(5))
            .onBackpressureDrop()
            .flatMap(tick -> service.flow().submit(SALES.row().set("id", tick)))
            .subscribe();
    try {
      wait.until(page -> text("rate").matches("[1-9].*/s"));
      wait.until(page -> text("p99").matches("[0-9].*s"));
      wait.until(page -> text("batch").matches("[0-9].*"));
      String before = text("ledger");
      wait.until(page -> !text("ledger").equals(before));
      assertThat(before).matches("[0-9,]+ admitted = [0-9,]+ written \\+ .* pending");
      assertThat(text("slots")).contains(" of ");
      assertThat(browser.findElements(By.cssSelector("figure canvas"))).hasSize(4);
      assertThat(drawnCharts()).isEqualTo(4L);
      Files.write(Path.of("target", "console.png"), browser.getScreenshotAs(OutputType.BYTES));
    } finally {
      load.dispose();
    }
  }

  @Test
  void theKeyboardPausesResumesAndRetunesATable() {
    button("Pause sales").sendKeys(Keys.ENTER);
    await("paused");
    assertThat(service.flow().control("sales").isPaused()).isTrue();
    await("TABLE_PAUSED");

    button("Resume sales").sendKeys(Keys.ENTER);
    await("open");
    assertThat(service.flow().control("sales").isPaused()).isFalse();

    button("Retune sales").sendKeys(Keys.ENTER);
    WebElement maxSize = browser.findElement(By.id("maxSize"));
    maxSize.clear();
    maxSize.sendKeys("7", Keys.ENTER);
    wait.until(page -> service.flow().control("sales").policy().maxSize() == 7);
  }

  @Test
  void aRetuneThatIsRefusedSaysWhyAndEscapeChangesNothing() {
    refused = "/control - Failed to load resource: the server responded with a status of 400";
    int before = service.flow().control("sales").policy().maxSize();
    button("Retune sales").sendKeys(Keys.ENTER);
    WebElement maxSize = browser.findElement(By.id("maxSize"));
    maxSize.clear();
    maxSize.sendKeys("9999999", Keys.ENTER);
    wait.until(page -> text("problem").contains("maxSize"));

    button("Retune sales").sendKeys(Keys.ENTER);
    browser.findElement(By.id("maxSize")).sendKeys("1", Keys.ESCAPE);
    button("Flush sales").sendKeys(Keys.ENTER);
    wait.until(page -> text("problem").isEmpty());
    assertThat(service.flow().control("sales").policy().maxSize()).isEqualTo(before);
  }

  @Test
  void theNameOfATableIsTextAndNoMarkup() {
    String name = "<img src=x onerror=document.title='run'>";
    service.writer().rejectingRows(row -> true);
    store(Schema.table(name).columns("id").build());

    await(name);
    assertThat(browser.findElements(By.tagName("img"))).isEmpty();
    assertThat(browser.getTitle()).isEqualTo("BatchFlow");
  }

  @Test
  void theStreamStopsWhileThePageIsHidden() {
    visible(false);
    wait.until(page -> text("connection").startsWith("Paused"));
    visible(true);
    wait.until(page -> text("connection").equals("Live"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everyoneCanReadIt(String scheme) {
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    service.flow().control("sales").pause().block(PATIENCE);
    await("TABLE_PAUSED");

    assertThat(
            new AxeBuilder()
                .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa"))
                .analyze(browser)
                .getViolations())
        .isEmpty();
  }

  @Test
  void itFitsAPhone() {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 360, "height", 740, "deviceScaleFactor", 1, "mobile", true));
    wait.until(
        page ->
            Boolean.TRUE.equals(
                browser.executeScript(
                    "return innerWidth == 360 && document.documentElement.scrollWidth <= 360")));
  }

  private void store(Schema schema) {
    service.flow().submit(schema.row().set("id", 1L)).onErrorComplete().block(PATIENCE);
  }

  private void await(String shown) {
    wait.until(page -> browser.findElement(By.tagName("main")).getText().contains(shown));
  }

  private String text(String id) {
    return browser.findElement(By.id(id)).getText();
  }

  private WebElement button(String label) {
    By found = By.cssSelector("button[aria-label='" + label + "']");
    wait.until(page -> !browser.findElements(found).isEmpty());
    return browser.findElement(found);
  }

  /** Headless windows are never hidden. */
  private void visible(boolean visible) {
    browser.executeScript(
        "Object.defineProperty(document, 'hidden', {value: arguments[0], configurable: true});"
            + "document.dispatchEvent(new Event('visibilitychange'));",
        !visible);
  }

  /** Returns how many canvases have a pixel. */
  private Object drawnCharts() {
    return browser.executeScript(
        "return [...document.querySelectorAll('figure canvas')].filter(canvas =>"
            + " canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)"
            + ".data.some(byte => byte > 0)).length");
  }
}
