"""What a device is: traits, ranges, risks, inverses, and how it is named on the wire."""
