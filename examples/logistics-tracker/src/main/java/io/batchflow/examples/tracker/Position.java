package io.batchflow.examples.tracker;

import io.batchflow.ConflictStrategy;
import io.batchflow.table.RowMapper;

/**
 * Where a parcel was. A device may send a position twice.
 *
 * @param nr counts the positions of the parcel
 */
record Position(String parcel, long nr, double latitude, double longitude) {

  /** All positions, in PostgreSQL. */
  static final RowMapper<Position> HISTORY =
      RowMapper.builder(Position.class)
          .table("positions")
          .key("parcel", "nr")
          .onConflict(ConflictStrategy.IGNORE)
          .build();

  /** The last position of each parcel, in Redis. */
  static final RowMapper<Position> LAST =
      RowMapper.builder(Position.class)
          .table("last_position")
          .key("parcel")
          .onConflict(ConflictStrategy.UPDATE)
          .build();
}
