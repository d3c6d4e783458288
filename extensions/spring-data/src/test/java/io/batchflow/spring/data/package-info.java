@org.jspecify.annotations.NullMarked
package io.batchflow.spring.data;
