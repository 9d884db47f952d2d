"""How a person is taken out of a store and kept out of it: see docs/decisions/erasing-a-person.md."""
