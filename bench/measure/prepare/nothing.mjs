/** A batch as it is. The recorder, where the code asks for it, was never started. */
export async function prepare() {
  process.env.CAPTUREFLOW = 'off';
  return {};
}
