package io.batchflow.spring.boot.tuning;

import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The tables that tune themselves.
 *
 * @param flows Flows whose tables do. All of them if it is empty.
 * @param tables Tables by their names, with the bounds of their tuning.
 */
@ConfigurationProperties(TuningProperties.PREFIX)
public record TuningProperties(
    @DefaultValue List<String> flows, @DefaultValue Map<String, TunedTableProperties> tables) {

  static final String PREFIX = "batchflow.tuning";
}
