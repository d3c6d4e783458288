package io.batchflow.spring.boot;

import io.batchflow.BatchFlow;
import io.batchflow.deadletter.DeadLetterFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.Ordered;
import org.springframework.util.unit.DataSize;

/** Keeps the rejected rows of each flow in a file, if the properties name a directory. */
final class DeadLetterFiles implements BatchFlowBuilderCustomizer, DisposableBean, Ordered {

  private final BatchFlowProperties properties;
  private final List<DeadLetterFile> files = new CopyOnWriteArrayList<>();

  DeadLetterFiles(BatchFlowProperties properties) {
    this.properties = properties;
  }

  @Override
  public void customize(String flow, BatchFlow.Builder builder) {
    FlowSettings settings = FlowSettings.of(flow, properties);
    Path directory = settings.option(layer -> layer.deadLetters().directory());
    if (directory != null) {
      Path path = directory.resolve(flow + ".jsonl");
      DataSize maxSize = settings.option(layer -> layer.deadLetters().maxFileSize());
      DeadLetterFile file =
          maxSize == null
              ? DeadLetterFile.open(path)
              : DeadLetterFile.open(path, maxSize.toBytes());
      files.add(file);
      builder.deadLetter(file);
    }
  }

  /** The flows are closed by then. */
  @Override
  public void destroy() {
    files.forEach(DeadLetterFile::close);
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
