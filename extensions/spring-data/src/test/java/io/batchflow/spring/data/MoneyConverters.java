package io.batchflow.spring.data;

import java.math.BigDecimal;
import org.springframework.core.convert.converter.Converter;
import org.springframework.data.convert.ReadingConverter;
import org.springframework.data.convert.WritingConverter;

/** Stores an amount of money as a number. */
final class MoneyConverters {

  record Money(BigDecimal amount) {}

  @WritingConverter
  enum Writing implements Converter<Money, BigDecimal> {
    INSTANCE;

    @Override
    public BigDecimal convert(Money money) {
      return money.amount();
    }
  }

  @ReadingConverter
  enum Reading implements Converter<BigDecimal, Money> {
    INSTANCE;

    @Override
    public Money convert(BigDecimal amount) {
      return new Money(amount);
    }
  }

  private MoneyConverters() {}
}
