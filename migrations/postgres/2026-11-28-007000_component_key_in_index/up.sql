-- Whoever reads components by package reads their keys, too: with the key in the index
-- a full re-check walks the index alone, instead of looking up each row where it lies.
ALTER TABLE component DROP CONSTRAINT component_package_id_version_qualifiers_origin_id_key;
ALTER TABLE component ADD CONSTRAINT component_by_package UNIQUE (package_id, version, qualifiers, origin_id) INCLUDE (id);
