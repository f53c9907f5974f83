ALTER TABLE component DROP CONSTRAINT component_by_package;
ALTER TABLE component ADD CONSTRAINT component_package_id_version_qualifiers_origin_id_key
  UNIQUE (package_id, version, qualifiers, origin_id);
