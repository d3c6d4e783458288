package io.batchflow.testkafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A broker in a process of its own, for programs that have none on their class path. */
public final class BrokerProgram {

  private BrokerProgram() {}

  /** Starts a broker, prints its address, and runs until the standard input ends. */
  public static void main(String[] arguments) throws IOException {
    System.out.println(KafkaBroker.shared().servers);
    try (InputStream input = System.in) {
      input.transferTo(OutputStream.nullOutputStream());
    }
    Runtime.getRuntime().halt(0); // its files are not needed any more
  }
}
