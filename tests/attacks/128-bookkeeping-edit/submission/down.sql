DROP TABLE schema_migrations, knex_migrations, flyway_schema_history, alembic_version, _prisma_migrations;
