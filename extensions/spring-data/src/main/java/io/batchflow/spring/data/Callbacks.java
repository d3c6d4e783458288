package io.batchflow.spring.data;

import org.springframework.data.mapping.callback.ReactiveEntityCallbacks;
import org.springframework.data.r2dbc.mapping.OutboundRow;
import org.springframework.data.r2dbc.mapping.event.AfterSaveCallback;
import org.springframework.data.r2dbc.mapping.event.BeforeConvertCallback;
import org.springframework.data.r2dbc.mapping.event.BeforeSaveCallback;
import reactor.core.publisher.Mono;

/** Calls the entity callbacks of the context, each once for an entity. */
record Callbacks(ReactiveEntityCallbacks callbacks) {

  <S> Mono<S> beforeConvert(S entity, EntityTable table) {
    return callbacks.callback(BeforeConvertCallback.class, entity, table.name());
  }

  <S> Mono<S> beforeSave(S entity, OutboundRow outbound, EntityTable table) {
    return callbacks.callback(BeforeSaveCallback.class, entity, outbound, table.name());
  }

  <S> Mono<S> afterSave(S entity, OutboundRow outbound, EntityTable table) {
    return callbacks.callback(AfterSaveCallback.class, entity, outbound, table.name());
  }
}
