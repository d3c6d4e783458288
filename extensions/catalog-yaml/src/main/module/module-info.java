/** The tables of a catalog in YAML files. */
module io.batchflow.catalog.yaml {
  requires transitive io.batchflow;
  requires org.yaml.snakeyaml;

  exports io.batchflow.catalog.yaml;
}
