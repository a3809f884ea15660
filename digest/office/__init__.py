"""What front ends use: the publication at work, a module for each thing that is done with it."""
