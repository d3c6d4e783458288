package io.batchflow.spring.boot;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * The options of dead letters.
 *
 * @param directory Directory of the files of rejected rows. Each flow has one file there, with the
 *     name of the flow.
 * @param maxFileSize Size at which the file is renamed, and a new one started.
 */
public record DeadLetterProperties(@Nullable Path directory, @Nullable DataSize maxFileSize) {}
