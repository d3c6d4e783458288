package io.batchflow.spring.boot.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class MergePatchTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | {'a':1,'b':{'c':null}} | {'a':1,'b':{'c':null}}",
        "{'a':1,'b':2} | {'a':1,'b':2} | {}",
        "{'a':1,'b':2} | {'a':1,'b':3} | {'b':3}",
        "{'a':1,'b':2} | {'a':1} | {'b':null}",
        "{'a':{'b':1,'c':{'d':2}}} | {'a':{'b':1,'c':{'d':3}}} | {'a':{'c':{'d':3}}}",
        "{'a':[1,2]} | {'a':[1,3]} | {'a':[1,3]}",
        "{'a':1} | {'a':{'b':2}} | {'a':{'b':2}}",
        "{'a':{'b':2}} | {'a':1} | {'a':1}",
        "{'a':{'b':2}} | {'a':{}} | {'a':{'b':null}}",
      })
  void onlyWhatChangedIsInAPatch(String before, String now, String patch) {
    assertThat(MergePatch.between(JSON.readTree(quoted(before)), JSON.readTree(quoted(now))))
        .isEqualTo(JSON.readTree(quoted(patch)));
  }

  private static String quoted(String json) {
    return json.replace('\'', '"');
  }
}
