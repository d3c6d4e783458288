CREATE TABLE IF NOT EXISTS entries (
  message VARCHAR(190) NOT NULL,
  account VARCHAR(200) NOT NULL,
  cents BIGINT NOT NULL,
  PRIMARY KEY (message, account));
