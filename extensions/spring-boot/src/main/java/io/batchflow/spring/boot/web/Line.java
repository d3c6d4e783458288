package io.batchflow.spring.boot.web;

import java.io.ByteArrayOutputStream;

/** One line of a body, without its end. The first has the number 1. */
final class Line {

  private final long number;
  private final byte[] content;

  Line(long number, ByteArrayOutputStream content) {
    this.number = number;
    this.content = content.toByteArray();
  }

  long number() {
    return number;
  }

  byte[] content() {
    return content;
  }

  boolean isBlank() {
    for (byte each : content) {
      if (each != ' ' && each != '\t' && each != '\r') {
        return false;
      }
    }
    return true;
  }
}
