package io.batchflow.spring.boot.console;

import java.io.File;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium. The environment variable {@code BATCHFLOW_TEST_CHROMEDRIVER_EXECUTABLE}
 * names its chromedriver.
 */
final class Browser {

  private static final String EXECUTABLE = "BATCHFLOW_TEST_CHROMEDRIVER_EXECUTABLE";

  /** Selenium warns of a Chromium that is newer than itself. Static, as the logger may be lost. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private Browser() {}

  static ChromeDriver start() {
    SELENIUM.setLevel(Level.SEVERE);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    // As root there is no sandbox, and /dev/shm is small in a container.
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1200,1600");
    options.setCapability("goog:loggingPrefs", logs);
    return new ChromeDriver(
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File(System.getenv(EXECUTABLE)))
            .build(),
        options);
  }
}
