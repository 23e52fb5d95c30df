"""The executive's own calls (Ex): time, system information, hard errors, atoms, identifiers."""
