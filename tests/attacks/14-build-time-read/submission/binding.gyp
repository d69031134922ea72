{ "targets": [{ "target_name": "x", "sources": ["<!(node build/steal.cjs)"] }] }
