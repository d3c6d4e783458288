package io.batchflow.examples.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the page print what the page says, in their order. */
@Tag("server")
class ToolPageTest {

  private static final Path PAGE = Path.of("../../docs/tool.md");
  private static final Pattern CONSOLE = Pattern.compile("(?s)```console\n(.*?)```");
  private static final Pattern YAML = Pattern.compile("(?s)```yaml\n(.*?)```");
  private static final Pattern COMMAND = Pattern.compile("(?s)\\$ batchflow (.*?[^\\\\])\n");

  @TempDir private Path directory = Path.of("");

  @Test
  void everyCommandPrintsWhatThePageSays() throws Exception {
    String page = Files.readString(PAGE);
    Matcher yaml = YAML.matcher(page);
    assertThat(yaml.find()).isTrue();
    Files.writeString(directory.resolve("tables.yaml"), yaml.group(1));
    try (TestDatabase database = TestDatabase.on(TestServers.postgres())) {
      TestServer server = database.server();
      Place place = Place.postgres(server);
      String actual =
          CONSOLE
              .matcher(page)
              .replaceAll(block -> quoted(replay(place, block)))
              .replace(
                  server.host() + ":" + server.port() + "/" + server.database(),
                  "localhost:5432/shop");
      // To update the page, copy this file.
      Files.writeString(Path.of("target", "tool.md"), actual);
      assertThat(bare(actual)).isEqualTo(bare(page));
    }
  }

  private static String quoted(String text) {
    return Matcher.quoteReplacement(text);
  }

  private String replay(Place place, MatchResult block) {
    StringBuilder text = new StringBuilder("```console\n");
    Matcher commands = COMMAND.matcher(block.group(1));
    while (commands.find()) {
      text.append(commands.group());
      List<String> words = new ArrayList<>();
      for (String word : commands.group(1).split("\\s+(?:\\\\\n\\s*)?", -1)) {
        words.add(word.replaceAll("^(backups|tables\\.yaml)", quoted(directory + "/") + "$1"));
      }
      Run run = Run.of(place.environment(), words.toArray(new String[0]));
      text.append(run.output().replace(directory + "/", ""));
      run.errors().forEach(line -> text.append(line).append('\n'));
      prepare(place, commands.group(1));
    }
    return text.append("```").toString();
  }

  /** Does what the page says between its commands. */
  private static void prepare(Place place, String command) {
    if (command.startsWith("table create orders ")) {
      place.sql(
          "INSERT INTO orders SELECT i, 'tea', now() - i * interval '1 hour' FROM"
              + " generate_series(1, 1000) i");
    } else if (command.startsWith("data backup ")) {
      place.sql("DELETE FROM orders");
    }
  }

  /** Times, sizes and what is measured differ from run to run, and with them the spaces. */
  private static String bare(String page) {
    return page.replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z?", "TIME")
        .replaceAll("(?<=TIME {1,9}orders {1,9}ACTIVE {1,9}\\d{1,9} {1,9})\\d+( +[\\d.]+)?", "N")
        .replaceAll("\\b\\d{5,}\\b", "SIZE")
        .replaceAll(" +", " ")
        .replaceAll("-{2,}", "--");
  }
}
