"""The front ends for browsers: the editor's preview, and the readers' pages."""
