"""Ways out of the portal, one file each; what they answer is in `outcomes`."""
