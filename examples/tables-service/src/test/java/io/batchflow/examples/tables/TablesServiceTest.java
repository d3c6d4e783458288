package io.batchflow.examples.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service on H2. */
class TablesServiceTest {

  @SuppressWarnings("NullAway.Init")
  private static Script script;

  @BeforeAll
  static void start() {
    script = new Script("r2dbc:h2:mem:///" + UUID.randomUUID() + "?options=DB_CLOSE_DELAY=-1");
  }

  @AfterAll
  static void stop() {
    script.close();
  }

  @Test
  void theScriptRuns() throws Exception {
    script.run();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/tables | {'table_name':'1st'}                              | 400 | name
          /v1/tables | {'table_name':'t','config':{'bufer_size':1}}      | 400 | buffer_size
          /v1/tables | {'table_name':'t','config':{'retention_days':-1}} | 400 | retention_days
          /v1/tables | {'config':{}}                                     | 400 | Bad Request
          /v1/data   | {'table':'none','id':'1','payload':{}}            | 404 | no table 'none'
          /v1/data   | {'table':'none'}                                  | 400 | Bad Request
          """)
  void whatIsInvalidIsAnsweredWithAProblem(String path, String body, int status, String named)
      throws Exception {
    HttpResponse<String> answer = script.send("POST", path, body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(named);
  }

  @Test
  void aTableIsCreatedOnce() throws Exception {
    String body = "{'table_name':'once'}";
    assertThat(script.send("POST", "/v1/tables", body).statusCode()).isEqualTo(201);
    assertThat(script.send("POST", "/v1/tables", body).statusCode()).isEqualTo(409);
    assertThat(script.send("DELETE", "/v1/tables/once", "").statusCode()).isEqualTo(200);
  }
}
