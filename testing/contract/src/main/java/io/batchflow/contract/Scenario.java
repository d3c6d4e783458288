package io.batchflow.contract;

import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.List;
import java.util.Random;

/** The rows in the table before the batch, and the rows of the batch. */
enum Scenario {
  ONE_FRESH_ROW(0, 1),
  ONE_DUPLICATE(1, 1),
  FRESH_ROWS(0, 1_000),
  ALL_DUPLICATES(1_000, 1_000),
  HALF_DUPLICATES(500, 1_000),
  DUPLICATES_WITHIN_THE_BATCH(20, 200),
  NULLS_IN_KEYS(20, 60),
  NULLS_IN_VALUES(20, 60),
  UNSET_COLUMNS(150, 300),
  KEYS_ALONE(20, 60),
  MORE_THAN_A_STATEMENT_CARRIES(5, 25_000);

  final int held;
  final int written;

  Scenario(int held, int written) {
    this.held = held;
    this.written = written;
  }

  Row row(Schema schema, int i, Random random) {
    return switch (this) {
      case DUPLICATES_WITHIN_THE_BATCH -> withUnsetColumns(schema, i % 40, random);
      case NULLS_IN_KEYS -> withNullsInKey(schema, i);
      case NULLS_IN_VALUES -> withNulls(schema, i, random);
      case UNSET_COLUMNS -> withUnsetColumns(schema, i, random);
      case KEYS_ALONE -> keyOnly(schema, i);
      default -> full(schema, i);
    };
  }

  static String region(int i) {
    return "r" + i % 3;
  }

  private static Row keyOnly(Schema schema, int i) {
    return schema.row().set("region", region(i)).set("id", (long) i);
  }

  private static Row full(Schema schema, int i) {
    return keyOnly(schema, i)
        .set("name", "it's " + i)
        .set("amount", (long) i)
        .set("note", "ñ " + i);
  }

  private static Row withNullsInKey(Schema schema, int i) {
    Row row = full(schema, i);
    return switch (i % 4) {
      case 0 -> row.set("region", null);
      case 1 -> row.set("id", null);
      case 2 -> row.set("region", null).set("id", null);
      default -> row;
    };
  }

  private static Row withNulls(Schema schema, int i, Random random) {
    Row row = full(schema, i);
    for (String column : List.of("name", "amount", "note")) {
      if (random.nextBoolean()) {
        row.set(column, null);
      }
    }
    return row;
  }

  private static Row withUnsetColumns(Schema schema, int i, Random random) {
    Row row = keyOnly(schema, i);
    if (random.nextBoolean()) {
      row.set("name", "name " + random.nextInt(1_000));
    }
    if (random.nextBoolean()) {
      row.set("amount", (long) random.nextInt(1_000));
    }
    if (random.nextBoolean()) {
      row.set("note", random.nextBoolean() ? "note " + random.nextInt(1_000) : null);
    }
    return row;
  }
}
