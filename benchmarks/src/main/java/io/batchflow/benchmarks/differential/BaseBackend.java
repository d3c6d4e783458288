package io.batchflow.benchmarks.differential;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** The common parts of all backends. */
abstract class BaseBackend implements Backend {

  private final String name;
  private final Plain plain;
  private final Site flowSite;
  private final Site plainSite;
  private final List<Owned> owned;

  /** A resource that is closed with the backend. */
  @FunctionalInterface
  interface Owned {

    void close() throws IOException, SQLException;
  }

  BaseBackend(String name, Plain plain, Site flowSite, Site plainSite, List<Owned> owned) {
    this.name = name;
    this.plain = plain;
    this.flowSite = flowSite;
    this.plainSite = plainSite;
    this.owned = owned;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Plain plain() {
    return plain;
  }

  @Override
  public final Site flowSite() {
    return flowSite;
  }

  @Override
  public final Site plainSite() {
    return plainSite;
  }

  @Override
  public final void close() throws IOException, SQLException {
    flowSite.close();
    plainSite.close();
    for (Owned each : owned) {
      each.close();
    }
  }
}
